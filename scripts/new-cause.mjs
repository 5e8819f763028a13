// `npm run new-cause <code>`: the files of a cause and its lines in the registries. Writes nothing unless all of it can be written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [code, ...rest] = process.argv.slice(2);
const problem = rest.length > 0 ? 'One code at a time.' : problemOf(code);
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}

const causeFile = `src/causes/${code}.ts`;
const faultFile = `test/faults/${code}.ts`;
const registries = ['rules', 'texts'].map((registry) => withEntry(registry, code));
writeFileSync(causeFile, causeTemplate(code));
writeFileSync(faultFile, faultTemplate(code));
for (const { path, content } of registries) writeFileSync(path, content);
console.log(`Wrote ${causeFile} and ${faultFile}, and listed ${code} in src/causes/rules.ts and texts.ts.

Next: break one thing in ${faultFile},
      npm run record ${code}
      read the recording, write match() and the text in ${causeFile},
      npm run docs && npm test`);

function problemOf(name) {
  if (name === undefined) return 'Usage: npm run new-cause <code>, for example npm run new-cause websocket-blocked';
  if (!/^[a-z]+(-[a-z]+)+$/.test(name))
    return `"${name}" is not a code: two or more lower-case words joined by hyphens, such as websocket-blocked.`;
  if (name.startsWith('no-')) return `"${name}" must name the failing state: websocket-blocked, not no-websocket.`;
  if (new RegExp(`'${name}'\\s*:`).test(readFileSync('src/causes/retired.ts', 'utf8')))
    return `"${name}" was published once and is retired: codes are never used again (src/causes/retired.ts).`;
  const existing = [`src/causes/${name}.ts`, `test/faults/${name}.ts`, `test/healthy/${name}.ts`].find(existsSync);
  return existing && `${existing} exists already.`;
}

/** The registry with one more line in each of its two lists, the imports and the entries, both sorted by code. */
function withEntry(registry, added) {
  const path = `src/causes/${registry}.ts`;
  const singular = registry.slice(0, -1);
  const lines = readFileSync(path, 'utf8').split('\n');
  const importLine = new RegExp(`^import \\{ ${singular} as \\w+ \\} from '\\./(.+)\\.js';$`);
  const entryLine = registry === 'rules' ? /^ {2}(\w+),$/ : /^ {2}'?([\w-]+)'?: \w+,$/;
  const codes = [added, ...lines.map((line) => importLine.exec(line)?.[1]).filter((found) => found !== undefined)];
  codes.sort();
  const entry = (name) => `  ${registry === 'rules' ? camelCase(name) : `${quoted(name)}: ${camelCase(name)}`},`;
  replaceRun(
    lines,
    importLine,
    codes.map((name) => `import { ${singular} as ${camelCase(name)} } from './${name}.js';`),
  );
  replaceRun(lines, entryLine, codes.map(entry));
  return { path, content: lines.join('\n') };
}

/** Puts `replacement` in place of the matching lines, which are contiguous. */
function replaceRun(lines, pattern, replacement) {
  const first = lines.findIndex((line) => pattern.test(line));
  const count = lines.filter((line) => pattern.test(line)).length;
  if (first === -1 || !lines.slice(first, first + count).every((line) => pattern.test(line)))
    throw new Error(`The registry is not a plain list any more: expected lines like ${replacement[0]}`);
  lines.splice(first, count, ...replacement);
}

function camelCase(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

function quoted(name) {
  return name.includes('-') ? `'${name}'` : name;
}

function causeTemplate(name) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  return `import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export type Details = Record<never, never>;

export const rule: Rule<'${name}', Details> = {
  code: '${name}',
  title: '${name} has no title yet',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'rare',
  since: '${version}',
  docs: '/docs/v4/troubleshooting-connection-issues/',
  needs: ['websocket-handshake'],
  yieldsTo: [],
  match(facts) {
    const failure = facts.connecting;
    if (!failure) return undefined;
    // What would every look-alike show instead? Return early where the facts exclude this cause, and confirm only what they prove.
    const websocket = facts.probe('websocket-handshake');
    if (websocket?.answer !== 'no') return undefined;
    return {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('A WebSocket opened by the SDK did not get through.', websocket)],
    };
  },
};

export const text: Text<Details> = {
  summary: 'What happened and why, in full sentences.',
  remedy: () => 'What to do, addressed to whom \`fixedBy\` names, with the real names of options and headers.',
  snippet: () => 'one line of code or configuration',
  see: [
    {
      title: 'Troubleshooting connection issues',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/',
    },
  ],
};
`;
}

function faultTemplate(name) {
  return `import type { Fault } from './_kit/fault.js';
import { startSocketIo } from './_kit/socketio-server.js';

export const fault: Fault = {
  code: '${name}',
  places: ['node', 'chromium'],
  variants: {
    'the-plain-case': {
      start: async () => {
        // A healthy server so far: break exactly one thing.
        const { url, close } = await startSocketIo();
        return { url, close };
      },
    },
  },
};
`;
}
