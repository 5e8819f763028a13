import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HELP } from '../src/help-text.js';
import { CollectorError, type CollectorOptions, startCollector } from '../src/index.js';
import { parseCommandLine } from '../src/parse-command-line.js';
import { childCollector, cramped } from './child-collector.js';
import { sampleEnvelope, sampleIncident } from './sample-envelope.js';
import { read, startedCollector, temporaryFolder } from './started-collector.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

describe('the program', () => {
  it('keeps what it has answered with a 2xx through kill -9', async () => {
    const data = temporaryFolder();
    const child = await childCollector('--port', '0', '--data', data);
    const recordsUrl = await child.recordsUrl;
    const incidents = Array.from({ length: 40 }, () => sampleIncident());

    const answered = await Promise.all(
      incidents.map(async (incident, i) => {
        const body = JSON.stringify(sampleEnvelope({ records: [incident] }));
        const answer = await fetch(recordsUrl as string, { method: 'POST', body }).catch(() => undefined);
        // In the middle of the requests, at once after an answer: nothing gets the time to be tidied up.
        if (i === 20) child.process.kill('SIGKILL');
        return answer?.status === 200 ? incident.id : undefined;
      }),
    );
    expect(await child.ended).toBe('SIGKILL');

    const promised = answered.filter((id) => id !== undefined);
    expect(promised.length).toBeGreaterThan(0);
    const collector = await startedCollector({ data });
    const { body } = await read(collector, '/api/incidents?limit=200');
    expect(body.incidents.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(promised));
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s answers what is in flight and ends with 0', async (signal) => {
    const data = temporaryFolder();
    const child = await childCollector('--port', '0', '--data', data);
    const { hostname, port } = new URL((await child.recordsUrl) as string);
    const incident = sampleIncident();
    const body = Buffer.from(JSON.stringify(sampleEnvelope({ records: [incident] })));

    const answer = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(Number(port), hostname);
      socket.on('error', reject);
      // The first thing to come is the 100: the request is in the hands of the server.
      socket.once('data', () => {
        child.process.kill(signal);
        socket.write(body);
      });
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('close', () => resolve(received));
      const head = ['POST /v1/records HTTP/1.1', 'Host: localhost', 'Content-Type: text/plain', 'Expect: 100-continue'];
      socket.write([...head, 'Connection: close', `Content-Length: ${body.length}`, '', ''].join('\r\n'));
    });

    expect(answer).toContain('{"accepted":1,"rejected":[]}');
    expect(await child.ended).toBe(0);
    expect(child.errors()).toBe('');
    const collector = await startedCollector({ data });
    expect((await read(collector, `/api/incidents/${incident.id}`)).status).toBe(200);
  });

  it('answers what is in flight also when nobody reads any more what it prints', async () => {
    const child = await childCollector('--port', '0', '--data', temporaryFolder());
    await child.recordsUrl;
    child.process.stdout?.destroy();
    child.process.stderr?.destroy();
    child.process.kill('SIGINT');
    expect(await child.ended).toBe(0);
  });

  it('minds a signal that comes as soon as it has printed its addresses', async () => {
    const child = await childCollector('--port', '0', '--data', temporaryFolder());
    child.process.stdout?.once('data', () => child.process.kill('SIGTERM'));
    expect(await child.ended).toBe(0);
  });

  it('ends at once on a second signal', async () => {
    const child = await childCollector('--port', '0', '--data', temporaryFolder());
    const { hostname, port } = new URL((await child.recordsUrl) as string);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    const head = ['POST /v1/records HTTP/1.1', 'Host: localhost', 'Content-Type: text/plain', 'Expect: 100-continue'];
    socket.write([...head, 'Content-Length: 9', '', ''].join('\r\n'));
    await new Promise((resolve) => socket.once('data', resolve));
    child.process.kill('SIGTERM');
    await vi.waitFor(() => expect(child.output()).toContain('Finishing the requests in flight'), { timeout: 10_000 });
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe('SIGTERM');
  });

  it('prints where to send records and where to look', async () => {
    const child = await childCollector('--port', '0', '--data', temporaryFolder());
    const url = (await child.recordsUrl) as string;
    expect(child.output()).toMatch(
      /^Send records to {2}http:\/\/127\.0\.0\.1:\d+\/v1\/records\nDashboard +http:\/\/127\.0\.0\.1:\d+\/\n/,
    );
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  });

  it('tells its version and its options', async () => {
    const version = await childCollector('--version');
    const help = await childCollector('--help');
    expect([await version.ended, version.output()]).toEqual([0, `${manifest.version}\n`]);
    expect([await help.ended, help.output()]).toEqual([0, expect.stringContaining('--read-token')]);
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'. See --help.\n"],
    [['--port', 'abc'], '--port takes a whole number from 0 to 65535, not "abc".\n'],
    [['--port', '65536'], '--port takes a whole number from 0 to 65535, not "65536".\n'],
    [['--port', '-1'], '--port needs a value; write one that begins with a dash as --port=-value. See --help.\n'],
    [
      ['--base-path', '/api'],
      '--base-path cannot begin with /api, which is a path of the collector itself. Choose another path, or let the proxy strip it.\n',
    ],
    [['--data', ''], '--data must not be empty.\n'],
    [
      ['start'],
      'Unknown command "start". The commands are export, import, rejudge and migrate; without a command, a collector starts.\n',
    ],
    [
      ['--host', '0.0.0.0'],
      'Others can reach host 0.0.0.0 and could read everything: set a read token (--read-token) or listen on 127.0.0.1.\n',
    ],
    [
      ['--data', '/dev/null/data'],
      'Cannot write to the data folder /dev/null/data (ENOTDIR). Choose another with --data.\n',
    ],
  ])('ends with one line about %j', async (args, error) => {
    const child = await childCollector(...args);
    expect([await child.ended, child.errors(), child.output()]).toEqual([1, error, '']);
  });

  it('names a port that is taken, says what to do and leaves no database behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const data = join(temporaryFolder(), 'data');
    const child = await childCollector('--port', String(port), '--data', data);
    expect([await child.ended, child.errors()]).toEqual([
      1,
      `Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port with --port (0 picks a free one).\n`,
    ]);
    expect(existsSync(data)).toBe(false);
  });

  it('starts once of two that want the same port at the same moment, and the other leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    const names = ['one', 'two', 'three'];
    const children = await Promise.all(
      names.map((name) => childCollector('--port', String(port), '--data', join(folder, name))),
    );
    const urls = await Promise.all(children.map(({ recordsUrl }) => recordsUrl));
    expect(urls.filter((url) => url !== undefined)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([names[urls.findIndex((url) => url !== undefined)]]);
  });

  // No file of the process may grow beyond a limit, as on a full disk.
  it.runIf(process.platform === 'linux')('leaves no half-made database where there is no room for one', async () => {
    const data = temporaryFolder();
    const child = await cramped(8, '--port', '0', '--data', data);
    expect([await child.ended, child.errors()]).toEqual([
      1,
      expect.stringMatching(/^\S+collector\.db cannot be opened: the disk .*Free space|may be full.*\n$/),
    ]);
    expect(child.errors().trimEnd().split('\n')).toHaveLength(1);
    expect(readdirSync(data)).toEqual([]);
  });
});

describe('the command line', () => {
  it('is in the README, each option with the name that --help has', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const namesIn = (text: string, pattern: RegExp) =>
      [...text.matchAll(pattern)].map(([, name]) => name as string).sort();
    const helped = namesIn(HELP, /^ {2}(--[\w-]+ <[\w=]+>)/gm);
    expect(namesIn(readme, /^\| `(--[\w-]+ <[\w=]+>)` \|/gm)).toEqual(helped);
  });

  const refusalOf = (args: readonly string[], env = {}) => {
    try {
      return JSON.stringify(parseCommandLine(args, env));
    } catch (error) {
      return error instanceof CollectorError ? error.message : `not a CollectorError: ${error}`;
    }
  };

  it.each(['export', 'import', 'rejudge', 'migrate'])(
    'of %s refuses every option that it would not look at',
    (name) => {
      const own = {
        export: ['data', 'store'],
        import: ['data', 'store'],
        rejudge: ['data', 'store', 'code', 'since', 'apply'],
        migrate: ['store'],
      }[name] as string[];
      const all = [...HELP.matchAll(/^ {2}--([\w-]+)/gm)].map(([, option]) => option as string);
      const others = [...all, 'code', 'since', 'apply'].filter((option) => ![...own, 'help'].includes(option));
      expect(others.length).toBeGreaterThan(17);
      for (const option of others) {
        const args = ['version', 'apply'].includes(option) ? [`--${option}`] : [`--${option}=1`];
        expect(refusalOf([name, 'file', ...args])).toMatch(
          new RegExp(`^--${option} is not an option of ${name}, which takes .*--${own.at(-1)}\\.$`),
        );
      }
    },
  );

  it.each([
    [['export', 'a', 'b'], 'export takes one file such as records.ndjson.gz, or - for a pipe, not 2 files.'],
    [['migrate', 'x', '--store', 'clickhouse://h/d'], 'migrate takes only options, not "x".'],
    [['--since', '7d'], '--since is only for the command rejudge.'],
    [['rejudge', '--since', 'x'], /^--since takes a length of time such as 24h or 7d, or a date .*, not "x"\.$/],
    [['rejudge', '--code='], '--code must not be empty.'],
    [['--keep-days', '0'], '--keep-days takes a whole number from 1 to 999999999, not "0".'],
    [['--max-size-mb', '1e3'], '--max-size-mb takes a whole number from 1 to 999999999, not "1e3".'],
    [['--rate-per-key', 'x'], '--rate-per-key takes a whole number from 0 to 999999999, not "x".'],
    [['--trust-proxy', '0'], /^--trust-proxy takes the number of proxies in front, or their addresses .*, not "0"\.$/],
    [['--read-token', 'short'], '--read-token takes at least 8 characters without spaces, not 5.'],
    [['--read-token', 'a long text'], '--read-token takes at least 8 characters without spaces, not one with spaces.'],
  ])('%j is refused with what is taken and what came', (args, error) => {
    expect(refusalOf(args)).toMatch(error);
  });

  it('names a variable by its name, takes an empty one for none, and shows no secret', () => {
    expect(refusalOf([], { COLLECTOR_READ_TOKEN: 'abc' })).toBe(
      'COLLECTOR_READ_TOKEN takes at least 8 characters without spaces, not 3.',
    );
    expect(refusalOf([], { COLLECTOR_STORE: 'postgres://user:password@h/d' })).toMatch(
      /^COLLECTOR_STORE takes the address of a ClickHouse server, clickhouse:\/\/user:password@host/,
    );
    expect(parseCommandLine([], { COLLECTOR_STORE: '', COLLECTOR_READ_TOKEN: '' })).toEqual({
      name: 'start',
      options: {},
    });
  });
});

describe('startCollector', () => {
  it('refuses a file as its data folder', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(startCollector({ port: 0, data: file })).rejects.toThrow(
      `Cannot write to the data folder ${file} (it is not a folder). Choose another with --data.`,
    );
  });

  it('names what lies in the way in its data folder', async () => {
    const data = temporaryFolder();
    const file = join(data, 'collector.db');
    mkdirSync(file);
    await expect(startCollector({ port: 0, data })).rejects.toThrow(
      `Cannot write to ${file} (it is not a file). Make it writable for this process, or choose another folder with --data.`,
    );
  });

  it('refuses a file that is no database and leaves it alone', async () => {
    const data = temporaryFolder();
    const text = 'something else entirely '.repeat(100);
    writeFileSync(join(data, 'collector.db'), text);
    await expect(startCollector({ port: 0, data })).rejects.toThrow(
      /collector\.db cannot be opened as a database \(file is not a database\)\. Move it away/,
    );
    expect(readFileSync(join(data, 'collector.db'), 'utf8')).toBe(text);
  });

  it('refuses a database of a newer collector', async () => {
    const data = temporaryFolder();
    const db = new Database(join(data, 'collector.db'));
    db.pragma('user_version = 99');
    db.close();
    await expect(startCollector({ port: 0, data })).rejects.toThrow(
      /written by a newer collector \(it is at version 99/,
    );
  });

  it.each([
    [{ keepDays: 0 }, 'keepDays takes a number above 0, not 0.'],
    [{ port: 70_000 }, 'port takes a whole number from 0 to 65535, not 70000.'],
    [{ port: '80' }, 'port takes a whole number from 0 to 65535, not "80".'],
    [{ maxSizeBytes: Number.NaN }, 'maxSizeBytes takes a number of bytes, at least 1, not NaN.'],
    [
      { trustProxy: 'proxy.internal' },
      'trustProxy takes the number of proxies in front, or their addresses, not "proxy.internal".',
    ],
    [{ readToken: 'abc' }, 'readToken takes at least 8 characters without spaces.'],
    [
      { alerts: { webhookUrl: 'https://x.example', publicUrl: 'here' } },
      '--public-url takes an http or https URL without user name and password, not something that is no URL.',
    ],
    [
      { alerts: { webhookUrl: 'https://x.example', publicUrl: 'https://x.example/d?a=b' } },
      '--public-url takes the URL of the dashboard up to its path, without "?" or "#".',
    ],
    [
      { alerts: { webhookUrl: 'https://x.example', every: 1 } },
      'alerts has an unknown option "every"; the options are webhookUrl, secret, publicUrl, format, rules and checkEveryMs.',
    ],
    [{ alerts: { webhookUrl: 'https://x.example', format: 'xml' } }, 'alerts: format takes json or teams, not "xml".'],
    [{ keepdays: 7 }, /^Unknown option "keepdays"; the options are port, host, /],
    [
      { host: 'no.such.name.invalid', readToken: 'long enough'.replace(' ', '-') },
      /^no\.such\.name\.invalid is not an address of this machine/,
    ],
  ])('refuses %j and makes nothing', async (options, error) => {
    const data = join(temporaryFolder(), 'data');
    await expect(startCollector({ port: 0, data, ...options } as CollectorOptions)).rejects.toThrow(error);
    expect(existsSync(data)).toBe(false);
  });

  it('may be closed twice', async () => {
    const collector = await startedCollector();
    await Promise.all([collector.close(), collector.close()]);
  });
});
