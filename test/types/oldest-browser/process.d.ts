/** What bundlers replace; the types of Node would bring those of a newer language along. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };
