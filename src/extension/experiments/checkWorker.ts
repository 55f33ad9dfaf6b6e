// The thread that checks experiment and sweep files: it reads the files that they name, of disks that may not answer.
import { answerRequests } from '../threads/answerRequests';
import { answerCheck } from './findProblems';

answerRequests(answerCheck);
