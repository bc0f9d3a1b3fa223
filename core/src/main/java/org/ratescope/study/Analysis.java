package org.ratescope.study;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ratescope.spec.RunId;
import org.ratescope.spec.Split;
import org.ratescope.spec.TableA2;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.Wording;

/**
 * An analysis of a data set or of one of its splits, without a model, as a pure value. A data
 * record stores its result, once for all studies that request it.
 */
public sealed interface Analysis {

  /** The images to analyse. */
  DataSpec data();

  /** The canonical text: every field in a fixed order. Part of the record format. */
  String canonical();

  /** The first 16 hexadecimal digits of the SHA-256 of {@link #canonical}. */
  default String id() {
    return RunId.of(canonical()).hex();
  }

  /** A word in a study file that requests analyses. */
  enum Kind {
    /** Images of the data set (Figure 1). */
    SAMPLES,
    /** Sizes of the splits (Table A2), and the splits of a plane (Figure 2). */
    SPLITS,
    /** Distances of all test images to their nearest training images (Figures A1, A2, A18). */
    NEIGHBOURS,
    /**
     * The same for {@code evaluation.examples} test images, of the size that the study trains on.
     */
    NEIGHBOUR_SAMPLE,
    /** Distances between images that differ in one factor (Figures A3, A4). */
    SENSITIVITY;

    /** What {@link #parse} accepts, for error messages. */
    public static final String ALLOWED =
        Arrays.stream(values()).map(Kind::text).collect(Collectors.joining(", "));

    /** The word in a study file. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads {@link #text}. */
    public static Kind parse(String text) {
      return Arrays.stream(values())
          .filter(kind -> kind.text().equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(Wording.unexpected(text, ALLOWED)));
    }

    /** Whether the analysis is possible for that data set. */
    public boolean isAbout(DataSpec data) {
      return this != SENSITIVITY || data instanceof DataSpec.Tetrominoes;
    }
  }

  /** Images of the data set; of the Tetrominoes, also of each piece. */
  record Samples(DataSpec data) implements Analysis {
    @Override
    public String canonical() {
      return "analysis=samples;data=" + data.text();
    }
  }

  /** Sizes of the training set and the test set of a split. */
  record Sizes(DataSpec data, Split split) implements Analysis {
    @Override
    public String canonical() {
      return "analysis=sizes;data=%s;split=%s".formatted(data.text(), split.text());
    }
  }

  /** The four splits of section 4.2 on a plane of two factors. */
  record Plane(DataSpec.Tetrominoes data) implements Analysis {
    @Override
    public String canonical() {
      return "analysis=plane;data=" + data.text();
    }
  }

  /**
   * Distances to the nearest training image.
   *
   * @param examples number of test images to measure; a larger number than there are stands for all
   */
  record Neighbours(DataSpec data, Split split, int examples) implements Analysis {
    public Neighbours {
      Checks.atLeast("examples", examples, 1);
    }

    @Override
    public String canonical() {
      return "analysis=neighbours;data=%s;split=%s;examples=%s"
          .formatted(data.text(), split.text(), count(examples));
    }
  }

  /**
   * Distances between images and the same images with one factor moved by one unit.
   *
   * @param examples number of images to use; a larger number than there are stands for all
   */
  record Sensitivity(DataSpec.Tetrominoes data, int examples) implements Analysis {
    public Sensitivity {
      Checks.atLeast("examples", examples, 2);
    }

    @Override
    public String canonical() {
      return "analysis=sensitivity;data=%s;unit=1/16;examples=%s"
          .formatted(data.text(), count(examples));
    }
  }

  private static String count(int examples) {
    return examples == Evaluation.ALL ? "all" : String.valueOf(examples);
  }

  /** All analyses that a study requests, each once, in the order of its words. */
  static List<Analysis> of(Study study) {
    LinkedHashSet<Analysis> analyses = new LinkedHashSet<>();
    for (Kind kind : study.analyses()) {
      analyses.addAll(of(kind, study));
    }
    return List.copyOf(analyses);
  }

  private static List<Analysis> of(Kind kind, Study study) {
    DataSpec data = study.data();
    DataSpec full = full(data);
    int examples = study.evaluation().examples();
    return switch (kind) {
      case SAMPLES -> List.of(new Samples(full));
      case SPLITS -> splits(data, study.splits());
      case NEIGHBOURS -> neighbours(full, study.splits(), Evaluation.ALL);
      case NEIGHBOUR_SAMPLE -> neighbours(data, study.splits(), examples);
      case SENSITIVITY ->
          full instanceof DataSpec.Tetrominoes pieces
              ? List.of(new Sensitivity(pieces, examples))
              : List.of();
    };
  }

  private static List<Analysis> neighbours(DataSpec data, List<Split> splits, int examples) {
    return splits.stream().map(split -> (Analysis) new Neighbours(data, split, examples)).toList();
  }

  /**
   * The images that the paper analyses: Tetrominoes of 32×32 pixels, also where a study trains on
   * smaller ones.
   */
  private static DataSpec full(DataSpec data) {
    return data instanceof DataSpec.Tetrominoes pieces
        ? new DataSpec.Tetrominoes(
            pieces.preset(), pieces.shape(), DataSpec.Tetrominoes.FULL_RESOLUTION)
        : data;
  }

  /** The splits of the study; for the Tetrominoes, all splits of Table A2 come first. */
  private static List<Analysis> splits(DataSpec data, List<Split> splits) {
    LinkedHashSet<Analysis> analyses = new LinkedHashSet<>();
    if (data instanceof DataSpec.Tetrominoes pieces) {
      analyses.add(new Plane(pieces));
      TableA2.ROWS.forEach(row -> analyses.add(new Sizes(data, row.split())));
    }
    splits.forEach(split -> analyses.add(new Sizes(data, split)));
    return List.copyOf(analyses);
  }
}
