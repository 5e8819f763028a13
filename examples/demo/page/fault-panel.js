import { element } from './element.js';

/** The list of what can be broken, under headings; each entry has a URL of its own. */
export function renderFaultPanel(nav, groups, onSameAgain) {
  const healthy = { name: 'healthy', title: 'Healthy', broken: 'A Socket.IO server that works.' };
  const entry = ({ name, title, broken }) =>
    element(
      'li',
      {},
      element('a', { href: `#fault=${name}`, 'data-name': name }, element('b', {}, title), element('span', {}, broken)),
    );
  nav.replaceChildren(
    element('ul', {}, entry(healthy)),
    ...groups.map(({ title, faults }, index) =>
      element(
        'section',
        { 'aria-labelledby': `group-${index}` },
        element('h2', { id: `group-${index}` }, title),
        element('ul', {}, faults.map(entry)),
      ),
    ),
  );
  nav.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    // The URL does not change, so nobody else would notice.
    if (link?.getAttribute('aria-current')) onSameAgain(link.dataset.name);
  });
  return {
    show(name) {
      for (const link of nav.querySelectorAll('a')) {
        if (link.dataset.name === name) {
          link.setAttribute('aria-current', 'true');
          link.scrollIntoView({ block: 'nearest' });
        } else link.removeAttribute('aria-current');
      }
    },
  };
}
