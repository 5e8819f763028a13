import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Fault {
  /** Statements that it happens to, as a regular expression. */
  readonly match: string;
  readonly do: 'stall' | 'error' | 'lose-answer';
  readonly error?: string;
  readonly times: number;
}

export interface ClickHouse {
  /** Makes an empty database and resolves with what `--store` takes for it. */
  newStore(): Promise<string>;
  /** Runs a statement and resolves with what it prints. */
  sql(statement: string, database?: string): Promise<string>;
  break(...faults: readonly Fault[]): Promise<void>;
  /** As `kill -9`; the data stays. */
  kill(): Promise<void>;
  /** On the same port, with the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A cluster of one shard and one replica, with Keeper's stand-in for tests that ClickHouse brings along. */
const CLUSTER = `<clickhouse>
  <tcp_port>9000</tcp_port>
  <zookeeper><implementation>testkeeper</implementation><node><host>localhost</host><port>2181</port></node></zookeeper>
  <macros><shard>1</shard><replica>a</replica></macros>
  <remote_servers><one><shard><internal_replication>true</internal_replication>
    <replica><host>127.0.0.1</host><port>9000</port></replica></shard></one></remote_servers>
</clickhouse>`;

/** A server that runs already, `CLICKHOUSE_URL`: whatever needs to break it fails there. */
function existingClickHouse(address: string): ClickHouse {
  const { protocol, username, password, host, search } = new URL(address.replace(/^clickhouse/, 'http'));
  const cluster = new URLSearchParams(search).get('cluster');
  const onCluster = cluster === null ? '' : ` ON CLUSTER '${cluster}'`;
  const made: string[] = [];
  const no = () => Promise.reject(new Error('This cannot be done to the server of CLICKHOUSE_URL.'));
  const sql = async (statement: string, database = 'default') => {
    const response = await fetch(`${protocol}//${host}/?database=${database}`, {
      method: 'POST',
      body: statement,
      headers: { authorization: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` },
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(answer);
    return answer;
  };
  return {
    async newStore() {
      const database = `socketio_diagnostics_test_${randomBytes(6).toString('hex')}`;
      await sql(`CREATE DATABASE ${database}${onCluster}`);
      made.push(database);
      return address.replace(/^(clickhouses?:\/\/[^/?]*)[^?]*/, `$1/${database}`);
    },
    sql,
    break: no,
    kill: no,
    restart: no,
    async close() {
      for (const database of made) await sql(`DROP DATABASE ${database}${onCluster}`);
    },
  };
}

/** The engine of ClickHouse in a process of its own; `npm run test:clickhouse` says in `CHDB` where it is. */
export async function startClickHouse({ cluster = false, replicated = false } = {}): Promise<ClickHouse> {
  if (process.env.CLICKHOUSE_URL !== undefined) return existingClickHouse(process.env.CLICKHOUSE_URL);
  const chdb = process.env.CHDB;
  if (chdb === undefined) throw new Error('Run these tests with: npm run test:clickhouse');
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-'));
  const config = join(folder, 'config.xml');
  writeFileSync(config, CLUSTER);
  let child: ChildProcess;
  let port = 0;
  let databases = 0;

  const start = async () => {
    const script = fileURLToPath(new URL('./chdb-server.mjs', import.meta.url));
    const args = [
      script,
      chdb,
      join(folder, 'data'),
      String(port),
      ...(cluster ? [config] : []),
      ...(replicated ? ['replicated'] : []),
    ];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    port = Number(printed);
  };
  const kill = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const request = async (path: string, body: string) => {
    const authorization = `Basic ${btoa('default:secret')}`;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers: { authorization },
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(answer);
    return answer;
  };
  await start();
  return {
    async newStore() {
      databases += 1;
      await request('/', `CREATE DATABASE test${databases}`);
      return `clickhouse://default:secret@127.0.0.1:${port}/test${databases}${cluster ? '?cluster=one' : ''}`;
    },
    sql: (statement, database = 'default') => request(`/?database=${database}`, statement),
    break: async (...faults) => void (await request('/fault', JSON.stringify(faults))),
    kill,
    restart: start,
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
