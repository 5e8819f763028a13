import { describe, expect, test } from 'vitest';
import { candidatePaths } from '../../src/probes/other-path.js';

const paths = (path: string, namespace = '/') =>
  candidatePaths({ target: { secure: false, host: '127.0.0.1', port: '80', path, sameOrigin: false }, namespace });

describe('candidatePaths', () => {
  test.each([
    ['/socket.io/', '/', ['/socket.io']],
    ['/socket.io', '/', ['/socket.io/']],
    ['/chat/', '/', ['/socket.io/', '/chat/socket.io/']],
    // With its slash it may be the server's own path, which everything below it is taken for, too.
    ['/chat', '/', ['/socket.io/', '/chat/']],
    ['/socket.io/', '/api', ['/api/socket.io/', '/socket.io']],
  ])('of %s with the namespace %s are %j', (path, namespace, expected) => {
    expect(paths(path, namespace)).toEqual(expected);
  });
});
