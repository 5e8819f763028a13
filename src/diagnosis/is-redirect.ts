/** Whether a status leads somewhere else. 304 leads nowhere: it is a cache's status. */
export function isRedirect(status: number | undefined): status is number {
  return status !== undefined && status >= 300 && status < 400 && status !== 304;
}
