/// What lies between the labelled organs and has no label: bowel, small vessels, veins and cysts of the liver.
struct LooseParts {
    /// Superior mesenteric artery and vein, coeliac trunk.
    let vessels: [Tube]
    /// Veins and arteries of the right and of the left kidney.
    let renalRight: [Tube], renalLeft: [Tube]
    /// Hepatic veins and branches of the portal vein inside the liver.
    let hepatic: [Tube]
    /// Duodenum and loops of the small bowel.
    let smallBowel: [Tube]
    /// Ascending, transverse and descending colon.
    let colon: Tube
    /// Centre and radius of cysts in the liver.
    let cysts: [SIMD4<Float>]

    /// Draws the parts of one case.
    init(_ vary: inout Variation) {
        vessels = [
            Tube([
                SIMD4(-8, 8, -2, 4), SIMD4(-6, 15, -14, 4), SIMD4(-5, 22, -60, 3.5),
                SIMD4(0, 30, -130, 3),
            ]),
            Tube([SIMD4(9, 17, -14, 6.5), SIMD4(10, 20, -40, 6), SIMD4(9, 28, -130, 5)]),
            Tube([SIMD4(-10, 8, 12, 3.5), SIMD4(-9, 18, 15, 3.5), SIMD4(10, 25, 14, 3)]),
        ]
        renalRight = [
            Tube([SIMD4(26, 4, -28, 5), SIMD4(38, -8, -28, 4.5), SIMD4(54, -30, -28, 4)]),
            Tube([SIMD4(-2, -4, -20, 3), SIMD4(20, -9, -24, 3), SIMD4(54, -33, -24, 2.5)]),
        ]
        renalLeft = [
            Tube([
                SIMD4(20, 6, -20, 4.5), SIMD4(-8, 13, -20, 4), SIMD4(-26, 6, -17, 4.5),
                SIMD4(-54, -30, -14, 4),
            ]),
            Tube([SIMD4(-14, -3, -18, 3), SIMD4(-32, -14, -14, 3), SIMD4(-54, -33, -10, 2.5)]),
        ]
        hepatic = [
            vary.tube(
                [SIMD4(30, 10, 66, 6), SIMD4(62, 4, 54, 4.5), SIMD4(96, -6, 28, 2.5)], by: 4),
            vary.tube(
                [SIMD4(27, 16, 64, 6), SIMD4(44, 38, 50, 4.5), SIMD4(56, 58, 22, 2.5)], by: 4),
            vary.tube(
                [SIMD4(20, 17, 64, 5.5), SIMD4(-6, 44, 52, 4), SIMD4(-30, 60, 44, 2.5)], by: 3),
            vary.tube([SIMD4(60, 7, 30, 5), SIMD4(86, 12, 22, 4), SIMD4(106, 22, 2, 2.5)], by: 3),
            vary.tube(
                [SIMD4(62, 6, 30, 4.5), SIMD4(80, -24, 24, 3.5), SIMD4(96, -38, 8, 2.5)], by: 3),
            vary.tube([SIMD4(84, 12, 22, 3.5), SIMD4(80, 34, 0, 3), SIMD4(86, 30, -30, 2)], by: 3),
        ]
        var bowel = [
            // Duodenum: around the head of the pancreas, then to the left behind the mesentery.
            vary.tube(
                [
                    SIMD4(36, 44, -14, 9), SIMD4(52, 34, -18, 11), SIMD4(56, 20, -38, 12),
                    SIMD4(44, 12, -62, 11), SIMD4(4, 20, -66, 10), SIMD4(-30, 22, -52, 10),
                    SIMD4(-38, 34, -40, 10),
                ], by: 2)
        ]
        for row in 0..<4 {
            let z = -52 - 16 * Float(row)
            var points: [SIMD4<Float>] = []
            for column in 0..<7 {
                let x = -78 + 22 * Float(column)
                let y: Float = column % 2 == row % 2 ? 66 : 34
                let p = vary.moved(SIMD3(x, y, z), by: 9)
                points.append(SIMD4(p.x, p.y, p.z, 11 + 2.5 * vary.signed()))
            }
            bowel.append(Tube(points))
        }
        smallBowel = bowel
        colon = vary.tube(
            [
                SIMD4(96, 4, -130, 23), SIMD4(99, 2, -92, 21), SIMD4(88, 26, -66, 18),
                SIMD4(52, 66, -56, 15), SIMD4(0, 74, -52, 15), SIMD4(-58, 66, -46, 15),
                SIMD4(-96, 40, -30, 15), SIMD4(-106, 4, -26, 14), SIMD4(-107, -18, -60, 14),
                SIMD4(-104, -20, -130, 14),
            ], by: 4)
        cysts = (0..<3).map { _ in
            let p = vary.moved(SIMD3(74, 16, 22), by: 40)
            return SIMD4(p.x, p.y, p.z, 5 + 4 * vary.signed())
        }
    }
}
