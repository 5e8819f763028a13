import { element } from './element.js';

/** Text from the catalogue: anything between backticks is code. */
export function prose(text) {
  const parts = text.split('`');
  return element(
    'p',
    {},
    parts.map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part)),
  );
}
