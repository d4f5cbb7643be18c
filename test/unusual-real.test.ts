import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { type Appearance, appearanceOf } from '../src/cells/appearance.ts';
import { decodeImage } from '../src/cells/decode.ts';
import { unusual, usualAppearance } from '../src/cells/unusual.ts';
import { readInputs } from '../src/dataset/inputs.ts';
import { nihPatient, nihSlide } from '../src/dataset/nih-names.ts';
import { describeReal, realData } from './support/real-data.ts';

describeReal('real cells of patients whose cells were not measured', () => {
  it('are usual, 97 of 100 and more', async () => {
    const measured = new Map<string, Appearance[]>();
    for await (const input of readInputs([realData('nih-sample-2000.zip')])) {
      if (!('read' in input)) continue;
      const patient = nihPatient(nihSlide(basename(input.file)) ?? '') ?? '';
      const appearance = appearanceOf(await decodeImage(await input.read())) as Appearance;
      measured.set(patient, [...(measured.get(patient) ?? []), appearance]);
    }
    const patients = [...measured.keys()].sort();
    expect(patients.length).toBeGreaterThan(150);
    const cellsOf = (keep: (i: number) => boolean) =>
      patients.filter((_, i) => keep(i)).flatMap((patient) => measured.get(patient) ?? []);
    const usual = usualAppearance(cellsOf((i) => i % 5 !== 0));
    const others = cellsOf((i) => i % 5 === 0);
    const odd = others.filter((appearance) => unusual(appearance, usual) !== null);
    expect(odd.length / others.length).toBeLessThan(0.03);
  });
});
