/** Where the collector logs what the operator should know; `console` fits. */
export interface CollectorLogger {
  info(message: string): void;
  error(message: string): void;
}
