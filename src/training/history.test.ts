import { expect, test } from 'vitest';
import { historyCsv } from './history.ts';

test('history.csv has a line an epoch; what could not be computed is empty', () => {
  const train = { loss: 0.5, accuracy: 0.75, rocAuc: 0.8, sensitivity: 1, specificity: 0.5 };
  const val = { loss: 0.1 + 0.2, accuracy: 1, rocAuc: null, sensitivity: null, specificity: 1 };
  const rows = [
    { epoch: 1, learningRate: 1e-7, train, val, seconds: 1.23456 },
    { epoch: 2, learningRate: 0.001, train, val: undefined, seconds: 2 },
  ];
  expect(historyCsv(rows).split('\n')).toEqual([
    'epoch,learningRate,trainLoss,trainAccuracy,trainRocAuc,trainSensitivity,trainSpecificity,valLoss,valAccuracy,valRocAuc,valSensitivity,valSpecificity,seconds',
    '1,1e-7,0.5,0.75,0.8,1,0.5,0.30000000000000004,1,,,1,1.235',
    '2,0.001,0.5,0.75,0.8,1,0.5,,,,,,2',
    '',
  ]);
});
