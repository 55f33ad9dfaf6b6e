// The monitor's page: starts when VS Code has loaded it, and asks the extension for the run.
import './cspNonce';
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import { createApp } from './app';
import { createVsCodeApi } from './vscodeApi';
import { onThemeChange } from './ui/theme';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());
const root = document.getElementById('app');
if (root === null) throw new Error('assertion failed: the document has no #app');
const host = createVsCodeApi();
const app = createApp(root, host);
host.onMessage(app.receive);
onThemeChange(app.themeChanged);
host.postMessage({ type: 'ready' });
