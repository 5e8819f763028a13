import { element } from './element.js';

const LINES = 5;

/** The events as an app that logs them would see them; repeated ones are counted. */
export function createRawLog(list) {
  let startedAt = performance.now();
  let last;

  return {
    restart() {
      startedAt = performance.now();
      last = undefined;
      list.replaceChildren(element('li', { class: 'log-empty quiet' }, 'Nothing yet.'));
    },
    add(event, message, data) {
      const text = `${message ?? ''}${data === undefined ? '' : ` ${JSON.stringify(data)}`}`;
      if (last?.event === event && last.text === text) {
        last.count += 1;
        last.times.textContent = `× ${last.count}`;
        return;
      }
      if (!last) list.replaceChildren();
      const times = element('span', { class: 'quiet' });
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const line = element(
        'li',
        { class: 'log-line', 'data-event': event },
        element('span', { class: 'quiet' }, `${seconds} s`),
        element('b', { class: 'log-event' }, event),
        element('span', { class: 'words' }, text, ' ', times),
      );
      list.append(line);
      last = { event, text, count: 1, times };
      while (list.children.length > LINES) list.firstElementChild.remove();
    },
  };
}
