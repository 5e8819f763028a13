import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Google's protobuf made of one request, in its own JSON; or why it could not. */
export interface Parsed {
  // biome-ignore lint/suspicious/noExplicitAny: whatever protobuf says
  readonly understood?: any;
  readonly error?: string;
}

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Has Google's protobuf for Python parse OTLP requests by the official messages, strictly: what they do not have is an error. */
export function parseLogs(requests: readonly string[]): Parsed[] {
  const generated = mkdtempSync(join(tmpdir(), 'otlp-'));
  try {
    const protoc = process.env.PROTOC ?? '/usr/bin/protoc';
    execFileSync(protoc, [`--proto_path=${folder}`, `--python_out=${generated}`, 'logs.proto']);
    const output = execFileSync(process.env.PYTHON_PROTOBUF ?? '/usr/bin/python3', [join(folder, 'parse_logs.py')], {
      input: requests.map((request) => `${request}\n`).join(''),
      env: { ...process.env, PYTHONPATH: generated, PYTHONDONTWRITEBYTECODE: '1' },
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(generated, { recursive: true });
  }
}
