// Provides the programs that the tests need, or ends the process with one line that says what to install.
import { providePrograms } from './provide-programs.mjs';
import { systemPackages } from './system-packages.mjs';

const problem = await providePrograms(systemPackages);
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}
