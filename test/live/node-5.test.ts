import { liveInNode } from './node-faults.js';

await liveInNode(5);
