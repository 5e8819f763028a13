import { fault as middlewareRejected } from '../../../test/faults/middleware-rejected.js';
import { fault as namespaceUnknown } from '../../../test/faults/namespace-unknown.js';
import type { DemoFault } from './demo-fault.js';
import { fromTest } from './from-test.js';

/** The connection stands, and the server does not let this client in. */
export const refusalFaults: readonly DemoFault[] = [
  {
    name: 'middleware-refuses',
    group: 'Refused',
    title: 'Middleware refuses',
    broken: 'A middleware of the server does not accept the token.',
    expect: { code: 'middleware-rejected', certainty: 'confirmed' },
    start: fromTest(middlewareRejected, 'with-data'),
  },
  {
    name: 'unknown-namespace',
    group: 'Refused',
    title: 'Unknown namespace',
    broken: 'The client asks for /chat, which the server does not have.',
    expect: { code: 'namespace-unknown', certainty: 'confirmed' },
    start: fromTest(namespaceUnknown, 'chat'),
  },
];
