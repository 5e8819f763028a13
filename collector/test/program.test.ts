import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startCollector } from '../src/index.js';
import { childCollector } from './child-collector.js';
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
    await vi.waitFor(() => expect(child.output()).toContain('Answering what is in flight'), { timeout: 10_000 });
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
    [['--data', ''], '--data takes a value, not nothing.\n'],
    [
      ['--host', '0.0.0.0'],
      'Host 0.0.0.0 can be reached by others, and they could read everything: set a read token (--read-token) or listen on 127.0.0.1.\n',
    ],
    [
      ['--data', '/dev/null/data'],
      'Cannot write to the data folder /dev/null/data (ENOTDIR). Choose another with --data.\n',
    ],
  ])('ends with one line about %j', async (args, error) => {
    const child = await childCollector(...args);
    expect([await child.ended, child.errors(), child.output()]).toEqual([1, error, '']);
  });

  it('names a port that is taken and says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const child = await childCollector('--port', String(port), '--data', temporaryFolder());
    expect([await child.ended, child.errors()]).toEqual([
      1,
      `Port ${port} on 127.0.0.1 is taken. Stop what uses it, or choose another with --port (0 picks a free one).\n`,
    ]);
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
    await expect(startCollector({ port: 0, data })).rejects.toThrow(/written by a newer collector \(its version is 99/);
  });

  it('may be closed twice', async () => {
    const collector = await startedCollector();
    await Promise.all([collector.close(), collector.close()]);
  });
});
