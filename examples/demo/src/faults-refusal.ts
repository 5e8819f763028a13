import { fault as middlewareRejected } from '../../../test/faults/middleware-rejected.js';
import { fault as namespaceUnknown } from '../../../test/faults/namespace-unknown.js';
import type { DemoFault } from './demo-fault.js';
import { fromTest } from './from-test.js';

/** The connection works, but the server does not let this client in. */
export const refusalFaults: readonly DemoFault[] = [
  {
    name: 'middleware-refuses',
    group: 'Refused',
    title: 'Middleware rejects',
    broken: 'A middleware on the server rejects the token.',
    expect: { code: 'middleware-rejected', certainty: 'confirmed' },
    start: fromTest(middlewareRejected, 'with-data'),
  },
  {
    name: 'unknown-namespace',
    group: 'Refused',
    title: 'Unknown namespace',
    broken: 'The client requests /chat, which the server does not have.',
    expect: { code: 'namespace-unknown', certainty: 'confirmed' },
    start: fromTest(namespaceUnknown, 'chat'),
  },
];
