package org.ratescope.cli;

import java.util.function.Function;
import org.ratescope.estimate.HalfSource;
import org.ratescope.study.Architecture;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Likelihood;
import org.ratescope.study.Precision;
import org.ratescope.study.Split;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a study's words are read on the command line: as in a study file. */
final class StudyValues {
  private StudyValues() {}

  static void register(CommandLine line) {
    line.registerConverter(DataSpec.class, converter(DataSpec::parse));
    line.registerConverter(Split.class, converter(Split::parse));
    line.registerConverter(Architecture.class, converter(Architecture::parse));
    line.registerConverter(Likelihood.class, converter(Likelihood::parse));
    line.registerConverter(Precision.class, converter(Precision::parse));
    line.registerConverter(HalfSource.class, converter(HalfSource::parse));
  }

  private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    };
  }
}
