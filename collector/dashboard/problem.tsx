/** An error of the API, said plainly; nothing when there is none. */
export function Problem({ error }: { readonly error: { readonly message: string } | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="problem" role="alert">
      {error.message}
    </p>
  );
}
