-- Twin halves against beta: distances of reconstructions of test images, a panel for each split, architecture and
-- whatever else the study varies, a colour for each distance.
from fold_curves(
  ['twinHalves', 'twinHalves.toOwnTrainingSet', 'twinHalves.toImage'],
  ['to the twin''s', 'to the own training half', 'to the image'])
