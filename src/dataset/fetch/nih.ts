import type { DatasetSource } from './fetch-dataset.ts';

/** The segmented red cells of the US National Library of Medicine (NLM). */
export const NIH: DatasetSource = {
  title: 'the NIH set',
  name: 'cell_images',
  // NLM's own archive, and where it was before; the second mostly leads to the first.
  addresses: [
    'https://data.lhncbc.nlm.nih.gov/public/Malaria/cell_images.zip',
    'https://ceb.nlm.nih.gov/proj/malaria/cell_images.zip',
  ],
  fingerprint: '3348ceb984eb063a9417f512b6609a807836abe553262bdbde45b72ae69b40b1',
  // It has 340 MB, packed or not.
  mostBytes: 1024 ** 3,
  citation:
    'Rajaraman S, Antani SK, Poostchi M, Silamut K, Hossain MA, Maude RJ, Jaeger S, Thoma GR (2018): Pre-trained' +
    ' convolutional neural networks as feature extractors toward improved malaria parasite detection in thin blood smear' +
    ' images. PeerJ 6:e4568, https://doi.org/10.7717/peerj.4568',
  terms: 'A work of the US National Library of Medicine, free to use with citation.',
};
