/** Small persistent texts by name. No method throws. */
interface TextStorage {
    /** Names of all texts in it, including those that are not the SDK's. */
    keys(): readonly string[];
    get(key: string): string | undefined;
    /** False if it is full or denied. */
    set(key: string, value: string): boolean;
    remove(key: string): void;
    /**
     * Runs `task` while nobody else who shares the storage runs one under the same name; rejects or does nothing if the lock cannot be
     * obtained. Absent: Web Locks are used if they exist.
     */
    exclusive?(name: string, task: () => Promise<void>): Promise<void>;
}

/**
 * Keeps unacknowledged records in files in a folder, for Node processes that may end or restart before the records were sent. Processes may
 * share the folder: each writes files of its own, as a whole, and takes over what a dead one left. An unusable folder stores nothing.
 */
declare function fileStorage(folder: string): TextStorage;

export { fileStorage };
export type { TextStorage };
