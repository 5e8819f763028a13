import { liveInOtherBrowser } from './other-browser.js';

await liveInOtherBrowser('webkit');
