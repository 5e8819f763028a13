import { liveInOtherBrowser } from './other-browser.js';

await liveInOtherBrowser('firefox');
