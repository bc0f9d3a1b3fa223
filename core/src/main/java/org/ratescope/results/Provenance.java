package org.ratescope.results;

import java.util.List;
import org.ratescope.spec.RunId;

/**
 * Where a record comes from. It holds no clock, so the same run on the same machine leaves the same
 * bytes.
 *
 * @param ratescope version of Ratescope
 * @param jvm vendor and version of the Java runtime
 * @param libtorch version of libtorch
 * @param blas the library behind the matrix products
 * @param device where the run was computed
 * @param dataSha256 SHA-256 of the data set's images
 * @param splitSha256 SHA-256 of the row numbers of both sets; empty in records of earlier versions
 * @param trainExamples size of the training set
 * @param testExamples size of the test set
 * @param cohort the runs that were trained together, in order
 */
public record Provenance(
    String ratescope,
    String jvm,
    String libtorch,
    String blas,
    String device,
    String dataSha256,
    String splitSha256,
    int trainExamples,
    int testExamples,
    List<RunId> cohort) {
  public Provenance {
    cohort = List.copyOf(cohort);
  }
}
