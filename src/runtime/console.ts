import { globals } from './globals.js';

/** Writes a warning of the SDK; silent if there is no console. */
export function warn(message: string): void {
  try {
    console.warn(`[socket.io-diagnostics] ${message}`);
  } catch {
    // A host may have replaced or removed its console.
  }
}

/** Whether this is a development build: bundlers replace the expression; elsewhere, a loopback page counts as one. */
export function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production';
  } catch {
    return /^(localhost|127\.|\[::1\])/.test(globals().location?.hostname ?? '');
  }
}
