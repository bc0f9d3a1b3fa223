package org.ratescope.study;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.ratescope.spec.Objective;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/** The key {@code objective} of a study file: weights of the two parts of the rate. */
final class ObjectiveReader {
  private static final String MI = "mutual-information";
  private static final String KL = "marginal-kl";
  private static final String BETA_SCALE = "beta-scale";

  /** The keys that give objectives. */
  static final List<String> OBJECTIVES = List.of("beta", MI, KL, "grid");

  private static final List<String> OBJECTIVE_KEYS =
      Stream.concat(OBJECTIVES.stream(), Stream.of(BETA_SCALE)).toList();

  /** Whether β and β_KL are on the paper's scale. */
  private static final ValueParser<Boolean> SCALE =
      ValueParser.words(List.of("distortion-range", "none"), word -> !word.equals("none"));

  private ObjectiveReader() {}

  /** The objectives; with a scale, β and β_KL are divided by that of the data, to two digits. */
  static List<Objective> read(Group file, DataSpec data) throws StudyFileException {
    YamlNode setting =
        file.required("objective", "a mapping of the keys " + String.join(", ", OBJECTIVES));
    Group group = setting.asGroup(OBJECTIVE_KEYS);
    double scale = group.one(BETA_SCALE, SCALE, false) ? data.betaScale() : 1;
    LinkedHashSet<Objective> objectives = new LinkedHashSet<>();
    weights(group, "beta").stream()
        .map(b -> Objective.beta(scaled(b, scale)))
        .forEach(objectives::add);
    weights(group, MI).stream().map(Objective::mutualInformation).forEach(objectives::add);
    weights(group, KL).stream()
        .map(b -> Objective.marginalKl(scaled(b, scale)))
        .forEach(objectives::add);
    if (group.entries().containsKey("grid")) {
      Group grid = group.section("grid", List.of(MI, KL));
      List<Double> informations = grid.list(MI, ValueParser.nonNegative());
      List<Double> marginals = grid.list(KL, ValueParser.nonNegative());
      long pairs = (long) informations.size() * marginals.size();
      if (!(pairs <= StudyReader.MAX_RUNS)) {
        throw grid.place()
            .error("a grid of %d pairs".formatted(pairs), "at most " + StudyReader.MAX_RUNS);
      }
      for (double betaKl : marginals) {
        informations.forEach(betaMi -> objectives.add(new Objective(betaMi, betaKl)));
      }
    }
    if (objectives.isEmpty()) {
      throw setting
          .place()
          .problem("no objective", "at least one of " + String.join(", ", OBJECTIVES));
    }
    return List.copyOf(objectives);
  }

  private static double scaled(double beta, double scale) {
    return scale == 1
        ? beta
        : new BigDecimal(beta / scale)
            .round(new MathContext(2, RoundingMode.HALF_EVEN))
            .doubleValue();
  }

  private static List<Double> weights(Group group, String key) throws StudyFileException {
    return group.list(key, ValueParser.nonNegative(), List.of());
  }
}
