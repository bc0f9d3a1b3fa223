-- What leaving an image out of training costs, against beta: a panel for each split, architecture and whatever else the
-- study varies.
from fold_curves(
  ['leaveOneOut', 'leaveOneOut.largest'], ['mean over images', 'largest of an image'])
