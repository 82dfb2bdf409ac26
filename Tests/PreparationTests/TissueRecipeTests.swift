import Foundation
import Testing

@testable import SamplePreparation

@Suite struct TissueRecipeTests {
    @Test("Recipes are read back from their words and from JSON")
    func recipesRoundTrip() throws {
        let recipes = [
            TissueRecipe.standard,
            TissueRecipe(
                downsample: 15.75, fixedThreshold: 20, minimumSaturation: 8, closingSize: 5,
                closingIterations: 1, medianSize: 1),
        ]
        for recipe in recipes {
            #expect(try TissueRecipe(recipe.description) == recipe)
            let data = try JSONEncoder().encode(recipe)
            #expect(try JSONDecoder().decode(TissueRecipe.self, from: data) == recipe)
        }
        #expect(
            TissueRecipe.standard.description
                == "downsample=16,threshold=otsu,floor=0,close=7x2,median=15")
        #expect(try TissueRecipe("standard") == .standard)
        #expect(try TissueRecipe("close=off,median=off").closingRadius == 0)
    }

    @Test(
        "Words that mean nothing are refused",
        arguments: [
            "", "median", "median=", "median=14", "median=257", "close=6x2", "close=7",
            "close=7x17",
            "close=7x2x2", "floor=255", "floor=-1", "threshold=300", "threshold=auto",
            "downsample=0", "downsample=nan", "downsample=inf", "size=3", "median=15,",
        ])
    func nonsenseIsRefused(_ text: String) {
        let error = #expect(throws: TissueError.self) { try TissueRecipe(text) }
        #expect(error?.description.contains("\n") == false)
    }

    @Test("A recipe decoded out of range is refused before any pixel is looked at")
    func decodedRecipeIsChecked() throws {
        let recipe = TissueRecipe(closingSize: 1_000_001)
        #expect(throws: TissueError.self) {
            try TissueMask.compute(rgb: [0, 0, 0], width: 1, height: 1, recipe: recipe)
        }
    }
}
