import { useEffect, useRef, useState } from 'preact/hooks';
import { addressOf } from './address.js';
import { unlock } from './lock.js';
import { useTitle } from './use-title.js';

/** Asks for the read token; the collector responds with a cookie, so that the browser does not keep the token itself. */
export function SignIn() {
  useTitle('Read token');
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const [isSending, setSending] = useState(false);
  useEffect(() => field.current?.focus(), []);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    setSending(true);
    setProblem(await signIn(field.current?.value ?? ''));
    setSending(false);
    field.current?.select();
  };
  return (
    <section class="card empty">
      <h1>Enter the read token</h1>
      <form class="sign-in" onSubmit={send}>
        <label for="token">Read token</label>
        <input
          id="token"
          ref={field}
          type="password"
          autocomplete="current-password"
          required
          aria-invalid={problem !== undefined}
          aria-describedby="token-help"
        />
        <button type="submit" class="primary" disabled={isSending}>
          Sign in
        </button>
      </form>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p class="quiet" id="token-help">
        The token that the collector was started with, by <code>--read-token</code> or <code>COLLECTOR_READ_TOKEN</code>
        . This browser stays signed in for 30 days, or until the token changes.
      </p>
    </section>
  );
}

async function signIn(token: string): Promise<string | undefined> {
  try {
    const response = await fetch(addressOf('/api/sign-in'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (!response.ok) return String(((await response.json()) as { error?: unknown }).error);
    unlock();
    return undefined;
  } catch {
    return 'The collector does not respond.';
  }
}
