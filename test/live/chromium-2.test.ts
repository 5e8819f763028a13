import { liveInChromium } from './chromium-faults.js';

await liveInChromium(2);
