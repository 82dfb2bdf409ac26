/// The forms in which a prepared store can be handed to other programs.
///
/// Slices are named by their index along the sliced axis in at least three digits (ZZZ below), parts by the split; a store
/// without a split has the part `all`. Pictures are the stored bytes, or the stored numbers through the recorded window.
public enum ExportFormat: String, CaseIterable, Codable, Hashable, Sendable {
    /// The files TransUNet, SAMed and SAM-LST read; needs float32 pixels from 0 to 1 and all slices.
    ///
    /// `train_npz/caseNNNN_sliceZZZ.npz` (`image`, `label` float32) for training cases, `test_vol_h5/caseNNNN.npy.h5`
    /// (`image`, `label` float32, contiguous) for the others, `lists/lists_Synapse/train.txt`, `test_vol.txt`, `all.lst`,
    /// and with a zoomed side S `train_npz_S` (image by spline of order 3, label by order 0). Cases without a part count
    /// as training cases.
    case transunet
    /// The files MedSAM's training script reads; needs uint8 pixels.
    ///
    /// `npz/CT_Abd_<case>.npz` (`imgs`, `gts` uint8, `spacing` in the order of SimpleITK) with the slices that show an
    /// organ, and for each of them `npy/imgs/CT_Abd_<case>-NNN.npy` (1024 x 1024 x 3 float64 in 0...1, 25 MB) and
    /// `npy/gts/CT_Abd_<case>-NNN.npy` (1024 x 1024 uint8), NNN counting them from 0.
    case medsam
    /// Pictures, masks and a line of prompts per region, for anything that opens PNG files.
    ///
    /// `images/<case>_ZZZ.png` (8-bit grey or RGB), `masks/<case>_ZZZ.png` (label ids), `labels.json`, `prompts.jsonl`; for
    /// pictures also `instances/<case>_ZZZ.png` (16-bit instance numbers) and `patches.jsonl` where the store has them.
    case png
    /// One NumPy archive per slice with image, label and prompts: `<part>/<case>_ZZZ.npz`; for pictures one archive per unit,
    /// `<part>/<unit>.npz`, with all of its patches.
    ///
    /// Keys: `image` as stored, `label`, `slice_index`, `window`, `record_label`, `record_component`, `record_area`,
    /// `boxes`, `points`, `point_labels`, `prompts/<kind>`, `prompt_labels/<kind>`. Of pictures: `image` `[S, H, W, 3]`,
    /// `label` and `instance` `[S, H, W]`, `record_slice`, and the table of patches.
    case npz
    /// Raw data of nnU-Net version 2 in compressed NIfTI; needs all slices in their native size.
    ///
    /// `DatasetNNN_NAME/` with `imagesTr/<case>_0000.nii.gz`, `labelsTr/<case>.nii.gz`, `imagesTs` and `labelsTs` for test
    /// cases, `dataset.json`, and `splits_final.json` when the split has validation cases.
    case nnunet
    /// Pictures and COCO annotations with run-length masks.
    ///
    /// `images/<case>_ZZZ.png` and `annotations/instances_<part>.json`, prompts beside each annotation. One annotation per
    /// instance where the store has instances.
    case coco
    /// Outlines of labels and instances for QuPath, exact to the pixel; needs pictures.
    ///
    /// `<case>.geojson` in level-0 pixels: a detection for every instance, or an annotation for every connected part of a label.
    case geojson
    /// The folders LViT trains from.
    ///
    /// `Train_Folder`, `Val_Folder` and `Test_Folder`, each with `img/` and `labelcol/` (0 and 255), a picture and its mask
    /// under one name.
    case lvit

    /// What the form is, in a few words for a list of choices.
    public var summary: String {
        switch self {
        case .transunet: "npz slices, h5 volumes and lists of TransUNet, SAMed and SAM-LST"
        case .medsam: "npz volumes and 1024 x 1024 npy slices of MedSAM"
        case .png: "8-bit pictures, label masks and prompts.jsonl"
        case .npz: "one NumPy archive per slice with image, label and prompts"
        case .nnunet: "raw data set of nnU-Net v2 in NIfTI"
        case .coco: "8-bit pictures and COCO annotations with run-length masks"
        case .geojson: "outlines of regions and instances of pictures, for QuPath"
        case .lvit: "pictures and 0/255 masks in the folders of LViT"
        }
    }
}
