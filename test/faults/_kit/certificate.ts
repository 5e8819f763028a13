import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Creates a certificate with the openssl program; self-signed unless an issuer is given. */
export function makeCertificate({
  host = '127.0.0.1',
  expired = false,
  issuer,
  authority = false,
  purpose,
}: {
  readonly host?: string;
  readonly expired?: boolean;
  readonly issuer?: Certificate;
  readonly authority?: boolean;
  /** The only purpose it may be used for, in the words of openssl; needs an issuer. */
  readonly purpose?: 'clientAuth';
} = {}): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const name = /^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`;
    const subject = ['-subj', `/CN=${authority ? 'Test authority' : host}`];
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];
    const constraint = `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`;
    if (issuer || expired) {
      execFileSync('sh', ['-c', 'cat > extensions'], {
        cwd: folder,
        input: `subjectAltName=${name}\n${constraint}\n${purpose ? `extendedKeyUsage=${purpose}\n` : ''}`,
      });
      openssl('req', ...newKey, ...subject, '-out', 'request.pem');
      const key = issuer ? 'issuer-key.pem' : 'key.pem';
      if (issuer) {
        execFileSync('sh', ['-c', 'cat > issuer-key.pem'], { cwd: folder, input: issuer.key });
        execFileSync('sh', ['-c', 'cat > issuer.pem'], { cwd: folder, input: issuer.cert });
      }
      const signer = issuer ? ['-CA', 'issuer.pem', '-CAkey', key, '-CAcreateserial'] : ['-signkey', key];
      // A negative lifetime ends before it starts: expired since yesterday.
      const days = expired ? '-1' : '30';
      openssl(
        'x509',
        '-req',
        '-in',
        'request.pem',
        ...signer,
        '-days',
        days,
        '-extfile',
        'extensions',
        '-out',
        'cert.pem',
      );
    } else {
      openssl(
        'req',
        '-x509',
        ...newKey,
        ...subject,
        '-addext',
        `subjectAltName=${name}`,
        '-days',
        '30',
        '-out',
        'cert.pem',
      );
    }
    return { key: readFileSync(file('key.pem'), 'utf8'), cert: readFileSync(file('cert.pem'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
