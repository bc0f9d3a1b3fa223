package org.ratescope.results;

import org.ratescope.study.Analysis;

/**
 * What was found out about a data set without a model. The format of its file is documented in
 * docs/record-format.md.
 *
 * @param analysis the question
 * @param dataSha256 SHA-256 of the data set's images
 * @param ratescope version of Ratescope
 * @param finding the answer
 */
public record DataRecord(
    Analysis analysis, String dataSha256, String ratescope, DataAnalysis finding) {
  public DataRecord {
    if (!type(analysis).isInstance(finding)) {
      throw new IllegalArgumentException(
          "%s needs a finding of type %s; got %s"
              .formatted(
                  analysis.canonical(),
                  type(analysis).getSimpleName(),
                  finding.getClass().getSimpleName()));
    }
  }

  /** The type of an analysis's answer. */
  public static Class<? extends DataAnalysis> type(Analysis analysis) {
    return switch (analysis) {
      case Analysis.Samples samples -> DataAnalysis.Samples.class;
      case Analysis.Sizes sizes -> DataAnalysis.Sizes.class;
      case Analysis.Plane plane -> DataAnalysis.Plane.class;
      case Analysis.Neighbours neighbours -> DataAnalysis.Distances.class;
      case Analysis.Sensitivity sensitivity -> DataAnalysis.Sensitivities.class;
    };
  }
}
