/** What a page shows until its first answer. */
export function Loading() {
  return (
    <p class="nothing" role="status">
      Loading…
    </p>
  );
}
