/** An error of the API, in plain words; nothing if there is none. */
export function Problem({ error }: { readonly error: { readonly message: string } | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="problem" role="alert">
      {error.message}
    </p>
  );
}
