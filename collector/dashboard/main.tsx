import { render } from 'preact';
import { App } from './app.js';
import { showTheme, storedTheme } from './theme.js';

showTheme(storedTheme());
render(<App />, document.getElementById('app') as HTMLElement);
