/** The code of the operating system or TLS library in an error; of several tried addresses, the first one's. */
export function systemErrorCode(error: unknown): string | undefined {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: { code?: unknown }[] };
  const found = errors?.[0]?.code ?? code;
  return typeof found === 'string' ? found : undefined;
}
