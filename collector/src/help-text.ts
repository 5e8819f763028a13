import {
  DEFAULT_DATA,
  DEFAULT_HOST,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_PORT,
  DEFAULT_RATE_PER_ADDRESS,
  DEFAULT_RATE_PER_KEY,
} from './start-collector.js';

/** What `--help` prints. */
export const HELP = `Usage: socket.io-diagnostics-collector [options]
       socket.io-diagnostics-collector export <file> [--data <folder> | --store <address>]
       socket.io-diagnostics-collector import <file> [--data <folder> | --store <address>]
       socket.io-diagnostics-collector rejudge [--data <folder> | --store <address>]
                                               [--code <code>] [--since <time>] [--apply]
       socket.io-diagnostics-collector migrate --store <address>

Receives, stores and shows what socket.io-diagnostics sends.

  export, import         all records as NDJSON, compressed if the file ends in
                         .gz, - for a pipe; importing twice changes nothing
  rejudge                what the rules of the installed socket.io-diagnostics
                         say about the stored incidents, of one cause or since
                         7d, 24h or a date; --apply stores it beside the records
  migrate                creates or changes the tables in ClickHouse, as every
                         start does; for a user with the right to do so

  --port <number>        port to listen on, 0 picks a free one   (${DEFAULT_PORT})
  --host <address>       address to listen on                    (${DEFAULT_HOST})
  --base-path <path>     path below which a proxy forwards requests without
                         stripping it, such as /diagnostics      (/)
  --data <folder>        where the database is kept              (./${DEFAULT_DATA})
  --store <address>      keeps records in ClickHouse instead, where several
                         collectors can share them (or set COLLECTOR_STORE):
                         clickhouse://user:password@host:8123/database,
                         clickhouses:// for HTTPS, ?cluster=<name>
  --read-token <token>   required from everybody who reads the dashboard or its
                         API; mandatory unless --host is a loopback address
                         (or set COLLECTOR_READ_TOKEN)
  --key <name=secret>    lets a project write; may be repeated.
                         Without a key, everybody may write
  --keys <file>          keys as JSON: [{"name", "secret", "apps", "origins"}]
  --rate-per-address <n> requests per second from one address    (${DEFAULT_RATE_PER_ADDRESS})
  --rate-per-key <n>     requests per second with one key        (${DEFAULT_RATE_PER_KEY})
                         both allow bursts of ten seconds' worth; 0: no limit
  --trust-proxy <n>      number of proxies in front, or their addresses;
                         their X-Forwarded-For is trusted
  --max-connections <n>  how many may be open at once            (${DEFAULT_MAX_CONNECTIONS})
  --max-waiting-mb <n>   how much may wait for the disk in memory (64)
  --keep-days <n>        deletes records that are older          (keeps all)
  --max-size-mb <n>      deletes the oldest records beyond this size,
                         but none of the last hour               (no limit)
  --alert-webhook <url>  gets a POST when a cause affects many sessions
                         or is new in a release                  (no alerts)
  --alerts <file>        when to alert, as JSON: {"rules": [...]}
                         (5 % of at least 10 sessions in an hour, and causes
                         that are new in a release)
  --alert-format <name>  json, which Slack shows, or teams       (json)
  --alert-secret <text>  signs what is posted; also COLLECTOR_ALERT_SECRET
  --public-url <url>     where the dashboard is, for links in alerts
  --version              print the version
  --help                 print this
`;
