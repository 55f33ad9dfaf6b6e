// The thread that finds models: parsing a long file takes a while.
import { answerRequests } from '../threads/answerRequests';
import { findModels } from './findModels';
import type { ModelRequest } from './modelThread';

answerRequests(({ text, file }: ModelRequest) => findModels(text, file));
