import type { ErrorObject } from 'ajv';

const SHOWN_CHARACTERS = 60;

/** One sentence for the sender: which field, what was expected, what was sent. `root` names the value that was validated. */
export function describeSchemaError(error: ErrorObject, value: unknown, root: string): string {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  if (error.keyword === 'required') {
    return `${fieldName([...path, error.params.missingProperty], root)} is missing`;
  }
  return `${fieldName(path, root)} must be ${expectation(error)}; got ${shown(valueAt(value, path))}`;
}

function expectation({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return [params.type].flat().map(withArticle).join(' or ');
    case 'enum':
      return `one of ${params.allowedValues.map((word: unknown) => JSON.stringify(word)).join(', ')}`;
    case 'format':
      return 'an ISO 8601 time';
    case 'pattern':
      return `a string that matches ${params.pattern}`;
    case 'minLength':
      return `a string of at least ${params.limit} character`;
    case 'maxLength':
      return `a string of at most ${params.limit} characters`;
    case 'minimum':
      return `${params.limit} or more`;
    case 'maximum':
      return `${params.limit} or less`;
    case 'maxItems':
      return `an array of at most ${params.limit}`;
    case 'maxProperties':
      return `an object of at most ${params.limit} fields`;
    default:
      return message ?? keyword;
  }
}

function withArticle(type: string): string {
  return type === 'object' || type === 'array' || type === 'integer' ? `an ${type}` : `a ${type}`;
}

function fieldName(path: readonly string[], root: string): string {
  const name = path.reduce((left, part) => {
    if (/^\d+$/.test(part)) return `${left}[${part}]`;
    return left === '' ? part : `${left}.${part}`;
  }, '');
  return name === '' ? root : cut(name);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], value);
}

/** What was sent, in words for the sender: as short and flat as possible, because it may be nested endlessly. */
export function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  return `${typeof value} ${cut(JSON.stringify(value) ?? 'undefined')}`;
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
