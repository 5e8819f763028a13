import { render } from 'preact';
import { App } from './app.js';
import { showTheme, storedTheme } from './theme.js';

// Chromium loads it again at each new URL of the page, relative to that.
const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
icon?.setAttribute('href', icon.href);
showTheme(storedTheme());
render(<App />, document.getElementById('app') as HTMLElement);
