// Entry point of the monitor's page: builds the page and asks the extension for the run.
import './cspNonce';
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import { createApp } from './app';
import { createVsCodeApi } from './vscodeApi';
import { onThemeChange } from './ui/theme';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());
const root = document.getElementById('app');
if (root === null) throw new Error('assertion failed: the document has no #app');
const vscode = createVsCodeApi();
const app = createApp(root, vscode);
vscode.onMessage(app.receive);
onThemeChange(app.themeChanged);
vscode.postMessage({ type: 'ready' });
