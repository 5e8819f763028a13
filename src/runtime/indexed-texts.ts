import { globals } from './globals.js';

/**
 * Texts by name in IndexedDB. Nothing throws or rejects; without IndexedDB, nothing is kept. Each access opens the database and closes it
 * again, so that no connection keeps a page out of the back-forward cache or another tab from deleting the database.
 */
export interface IndexedTexts {
  put(key: string, text: string): void;
  remove(key: string): void;
  all(): Promise<ReadonlyMap<string, string>>;
}

const DATABASE = 'socket.io-diagnostics';
const STORE = 'texts';

export function indexedTexts(): IndexedTexts {
  let changes = new Map<string, string | undefined>();
  let isWriting = false;

  function change(key: string, text: string | undefined): void {
    changes.set(key, text);
    void write();
  }

  /** One write at a time: only the newest text of a name has to arrive. */
  async function write(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    while (changes.size) {
      const written = changes;
      changes = new Map();
      await inStore('readwrite', (store) => {
        for (const [key, text] of written) text === undefined ? store.delete(key) : store.put(text, key);
      }).catch(() => {});
    }
    isWriting = false;
  }

  return {
    put: change,
    remove: (key) => change(key, undefined),
    async all() {
      try {
        const { keys, texts } = await inStore('readonly', (store) => ({
          keys: store.getAllKeys(),
          texts: store.getAll(),
        }));
        return new Map(keys.result.map((key, index) => [String(key), String(texts.result[index])]));
      } catch {
        return new Map();
      }
    },
  };
}

/** Resolves once the transaction is complete. */
function inStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    // Reading the property may throw if the page may not store anything.
    const opening = globals().indexedDB?.open(DATABASE, 1);
    if (!opening) return reject();
    opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE);
    opening.onerror = opening.onblocked = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const fail = () => {
        database.close();
        reject();
      };
      try {
        const transaction = database.transaction(STORE, mode);
        const used = use(transaction.objectStore(STORE));
        transaction.onabort = transaction.onerror = fail;
        transaction.oncomplete = () => {
          database.close();
          resolve(used);
        };
      } catch {
        fail();
      }
    };
  });
}
