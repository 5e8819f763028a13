/** Shown by a page until its first response. */
export function Loading() {
  return (
    <p class="nothing" role="status">
      Loading…
    </p>
  );
}
