/** Small persistent texts by name. No method throws. */
interface TextStorage {
    /** Names of all texts that are there, also of those that are not the SDK's. */
    keys(): readonly string[];
    get(key: string): string | undefined;
    /** False when it is full or denied. */
    set(key: string, value: string): boolean;
    remove(key: string): void;
    /**
     * Runs `task` while nobody else who shares the storage runs one under the same name; rejects or does nothing when it cannot be had.
     * Absent: Web Locks are used where they exist.
     */
    exclusive?(name: string, task: () => Promise<void>): Promise<void>;
}

/**
 * Keeps unacknowledged records in files of a folder, for Node processes that may end or restart before they were sent. Processes may share
 * the folder: each writes files of its own, as a whole, and takes over what a dead one left. A folder that cannot be used stores nothing.
 */
declare function fileStorage(folder: string): TextStorage;

export { fileStorage };
export type { TextStorage };
