package org.ratescope.plan;

import java.nio.file.Path;
import java.util.Optional;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataRecord;
import org.ratescope.spec.Split;
import org.ratescope.study.Analysis;

/**
 * The data of a record.
 *
 * @param file the record
 * @param sha256 hash of the images
 * @param split the split, or nothing for a record about the images alone
 * @param splitSha256 hash of its rows; empty if the record has none
 * @param train size of the training set; negative if the record has none
 * @param test size of the test set, likewise
 */
record RecordedData(
    Path file, String sha256, Optional<Split> split, String splitSha256, int train, int test) {

  static RecordedData images(Path file, String sha256) {
    return new RecordedData(file, sha256, Optional.empty(), "", -1, -1);
  }

  static RecordedData of(Path file, DataRecord record) {
    String sha256 = record.dataSha256();
    return switch (record.analysis()) {
      case Analysis.Sizes sizes -> {
        DataAnalysis.Sizes found = (DataAnalysis.Sizes) record.finding();
        yield new RecordedData(
            file, sha256, Optional.of(sizes.split()), "", found.train(), found.test());
      }
      case Analysis.Neighbours asked -> {
        DataAnalysis.Distances found = (DataAnalysis.Distances) record.finding();
        yield new RecordedData(
            file, sha256, Optional.of(asked.split()), "", found.train(), found.test());
      }
      default -> images(file, sha256);
    };
  }

  boolean saysTheSameAs(RecordedData other) {
    return new RecordedData(other.file, sha256, split, splitSha256, train, test).equals(other);
  }

  /** Whether other labels might give subsets of these sizes. */
  boolean isVague() {
    return splitSha256.isEmpty() && split.filter(RecordedData::isVague).isPresent();
  }

  private static boolean isVague(Split split) {
    return switch (split) {
      case Split.Default d -> false;
      case Split.ConstantVolume cv -> false;
      case Split.Official o -> false;
      case Split.Checkerboard c -> true;
      case Split.ConstantDensity cd -> true;
      case Split.HeldOut h -> true;
      case Split.WithoutFold without -> isVague(without.of());
    };
  }
}
