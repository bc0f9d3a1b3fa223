package org.ratescope.cli.option;

import java.util.function.Function;
import org.ratescope.evaluate.ImagesReference;
import org.ratescope.figure.FigureFormat;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.EnumText;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses values on the command line in the form of a study file. */
public final class StudyConverters {
  private StudyConverters() {}

  public static void register(CommandLine line) {
    line.registerConverter(DataSpec.class, converter(DataSpec::parse));
    line.registerConverter(Split.class, converter(Split::parse));
    line.registerConverter(Architecture.class, converter(Architecture::parse));
    line.registerConverter(Prior.class, converter(Prior::parse));
    line.registerConverter(Training.Products.class, converter(Training.Products::parse));
    line.registerConverter(
        FigureFormat.class, converter(text -> EnumText.parse(FigureFormat.class, text)));
    line.registerConverter(Precision.class, converter(Precision::parse));
    line.registerConverter(ImagesReference.class, converter(ImagesReference::parse));
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
