// The engine of ClickHouse behind as much of its HTTP interface as @clickhouse/client uses, one statement at a time.
// Usage: chdb-server.mjs <path of the chdb package> <data folder> <port> [config file [replicated]]; prints its port. User `default`, password `secret`.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const [chdbPath, folder, port, config, replicated] = process.argv.slice(2);
/** Replicated tables can be made here, but nothing can be written to them: they wait for an interserver port, which this engine does not open, whatever its configuration says (chdb 3.4.0). */
const replicates = replicated === 'replicated';
const { Session } = createRequire(import.meta.url)(chdbPath);
const session = new Session(folder, config === undefined ? {} : { connectionArgs: [`--config-file=${config}`] });

const CREDENTIALS = `Basic ${Buffer.from('default:secret').toString('base64')}`;

/** Parameters of the HTTP interface itself; all others are settings. */
const NO_SETTINGS = new Set([
  'query',
  'database',
  'query_id',
  'session_id',
  'wait_end_of_query',
  'enable_http_compression',
]);

let settings = new Map();
/** What goes wrong with the next statements that match. */
let faults = [];

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const body = await text(request);
  if (url.pathname === '/fault') {
    faults = JSON.parse(body);
    return response.end();
  }
  if (url.pathname === '/ping') return response.end('Ok.\n');
  if (request.headers.authorization !== CREDENTIALS) {
    return fail(response, 'Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)');
  }
  const inline = url.searchParams.get('query');
  const statement = inline === null ? body : `${inline}\n${body}`;
  const fault = faults.find(({ match }) => new RegExp(match).test(statement));
  if (fault !== undefined && fault.times-- <= 1) faults.splice(faults.indexOf(fault), 1);
  if (fault?.do === 'stall') return;
  if (fault?.do === 'error') return fail(response, fault.error);
  try {
    const result = run(url, statement);
    if (fault?.do === 'lose-answer') return request.socket.destroy();
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.setHeader('x-clickhouse-summary', '{}');
    response.end(result);
  } catch (error) {
    fail(response, error.message.replace(/^Query failed: /, ''));
  }
});

server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));

function run(url, statement) {
  session.query(`USE ${url.searchParams.get('database') ?? 'default'}`);
  const wanted = new Map([...url.searchParams].filter(([name]) => !NO_SETTINGS.has(name)));
  for (const name of settings.keys()) if (!wanted.has(name)) session.query(`SET ${name} = DEFAULT`);
  for (const [name, value] of wanted) {
    if (settings.get(name) !== value) session.query(`SET ${name} = '${value.replace(/[\\']/g, '\\$&')}'`);
  }
  settings = wanted;
  // There is no queue for distributed DDL and nothing to replicate to: such a statement is parsed as it is, and runs here without that.
  const local = statement
    .replace(/^((?:CREATE|ALTER) TABLE [^(]*?) ON CLUSTER '\w+'/, '$1')
    .replace(
      /ENGINE = Replicated(\w+)\('[^']*', '[^']*'(?:, (\w+))?\)(.* SETTINGS )/,
      (engine, family, version = '', rest) =>
        // A replicated table knows an insert again without being told to.
        replicates ? engine : `ENGINE = ${family}(${version})${rest}non_replicated_deduplication_window = 1000, `,
    );
  if (local !== statement) session.query(`EXPLAIN AST ${statement}`);
  return session.query(local, 'TabSeparated');
}

function fail(response, message) {
  const [, code = '1002'] = /^Code: (\d+)/.exec(message) ?? [];
  response.writeHead(code === '516' ? 403 : 500, { 'x-clickhouse-exception-code': code });
  response.end(message);
}
